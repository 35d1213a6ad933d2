// Filters and orders the statements of the index. Without it all of them are shown by chapter.
// Makes code that is wider than its place scroll by keyboard, and gives the search its title.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const blocks = [...document.querySelectorAll(".highlight pre, div.math")];

  function reach() {
    for (const block of blocks) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
      else block.removeAttribute("tabindex");
    }
  }

  window.addEventListener("resize", reach);
  reach();

  // The theme's page of results begins with a heading of the second order.
  const results = document.getElementById("search-results");
  if (results) {
    const title = document.createElement("h1");
    title.textContent = "Search";
    results.before(title);
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".mk-controls");
  if (!form) return;
  const root = document.querySelector(".mk-statements");
  const sections = [...root.querySelectorAll(".mk-chapter")];
  const cards = [...root.querySelectorAll(".mk-card")];
  const home = new Map(cards.map((card) => [card, card.parentElement]));
  const count = form.querySelector(".mk-count");

  const ordered = document.createElement("ol");
  ordered.className = "mk-cards mk-ordered";
  root.append(ordered);

  // Statements without a z, such as exact ones, come last.
  const distance = (card) => Number.parseFloat(card.dataset.z || "-1");

  function update() {
    const { chapter, verdict, order } = Object.fromEntries(new FormData(form));
    const chosenVerdict = form.elements.verdict.selectedIndex > 0;
    let shown = 0;
    for (const card of cards) {
      card.hidden =
        (chapter && card.dataset.chapter !== chapter) ||
        (chosenVerdict && card.dataset.verdict !== verdict);
      shown += card.hidden ? 0 : 1;
    }
    if (order) {
      ordered.append(...[...cards].sort((a, b) => distance(b) - distance(a)));
    } else {
      for (const card of cards) home.get(card).append(card);
    }
    for (const section of sections) {
      section.hidden = Boolean(order) || !section.querySelector(".mk-card:not([hidden])");
    }
    count.value = `${shown} of ${cards.length} statements`;
  }

  form.addEventListener("change", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A browser that goes back restores the fields without an event.
  window.addEventListener("pageshow", update);
});

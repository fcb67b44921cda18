"use strict";

// One button for the code of all cells.
for (const button of document.querySelectorAll("button.fold")) {
  button.addEventListener("click", () => {
    const cells = [...document.querySelectorAll("details.code")];
    const open = !cells.every((cell) => cell.open);
    for (const cell of cells) cell.open = open;
    button.textContent = open ? "Hide all code" : "Show all code";
  });
}

// Tables sort by the head of a column: numbers by value, with an interval or a unit behind them.
const value = (row, column) => {
  const text = row.cells[column].textContent.trim();
  const number = parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(number) ? text : number;
};

const compare = (a, b) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });

for (const table of document.querySelectorAll("table")) {
  const head = table.tHead?.rows;
  const body = table.tBodies[0];
  // A cell that spans several rows or columns ties them together.
  if (!head || head.length !== 1 || table.querySelector("[rowspan], [colspan]")) continue;
  if (body.rows.length < 2) continue;
  [...head[0].cells].forEach((cell, column) => {
    if (!cell.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const falling = cell.getAttribute("aria-sort") === "ascending";
      for (const other of head[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)));
      body.append(...(falling ? rows.reverse() : rows));
    });
  });
}

// What scrolls sideways can be reached by the keyboard, also once it is unfolded.
const reach = (part) => {
  const boxes = ".scroll, .output_html, .output_area, pre, math[display='block']";
  const wide = [...part.querySelectorAll(boxes)].filter((box) => box.scrollWidth > box.clientWidth);
  for (const box of wide) box.setAttribute("tabindex", "0");
};
reach(document);
document.addEventListener("toggle", (event) => reach(event.target), true);
addEventListener("resize", () => reach(document));

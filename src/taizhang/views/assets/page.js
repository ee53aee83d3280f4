(() => {
  "use strict";
  const card = document.getElementById("card");
  const text = document.getElementById("text");
  const hint = card.firstElementChild;
  let pinned = false;

  document.body.classList.remove("no-script");

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };

  // The card shows the row that the mark links to: one set of words, told twice.
  const describe = (row, first) => {
    const heads = row.closest("table").tHead.rows[0].cells;
    const list = element("dl");
    const box = element("div", first ? "" : "more");
    for (const [index, cell] of [...row.cells].entries()) {
      const folded = cell.querySelector("details");
      const content = folded ? [folded.querySelector("ul")] : [...cell.childNodes];
      if (cell.dataset.card === "head") {
        box.append(element("h2", "", cell.textContent));
      } else if (cell.textContent.trim() && cell.dataset.card !== "none") {
        list.append(element("dt", "", ...[...heads[index].childNodes].map((node) => node.cloneNode(true))));
        list.append(element("dd", "", ...content.map((node) => node.cloneNode(true))));
      }
    }
    for (const link of list.querySelectorAll("[id]")) link.removeAttribute("id");
    box.append(list);
    return box;
  };

  const clear = () => {
    for (const old of text.querySelectorAll(".current")) old.classList.remove("current");
  };

  const show = (mark) => {
    const ids = mark.dataset.to.split(" ");
    clear();
    for (const part of text.querySelectorAll("[data-to]")) {
      if (part.dataset.to.split(" ").some((id) => ids.includes(id))) part.classList.add("current");
    }
    const close = element("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", document.getElementById("lang-en").checked ? "Close" : "关闭");
    close.addEventListener("click", hide);
    card.replaceChildren(close, ...ids.map((id, index) => describe(document.getElementById(id), index === 0)));
    card.scrollTop = 0;
    card.classList.add("open");
  };

  const hide = () => {
    pinned = false;
    clear();
    card.replaceChildren(hint);
    card.classList.remove("open");
  };

  const active = (target) => {
    const mark = target.closest ? target.closest("#text [data-to]") : null;
    if (!mark) return null;
    const unclaimed = mark.classList.contains("u");
    return !unclaimed || document.getElementById("show-u").checked ? mark : null;
  };

  document.addEventListener("pointerover", (event) => {
    const mark = active(event.target);
    if (mark && !pinned && event.pointerType === "mouse") show(mark);
  });
  document.addEventListener("focusin", (event) => {
    const mark = active(event.target);
    if (mark && mark.matches(":focus-visible")) show(mark);
  });
  document.addEventListener("click", (event) => {
    const mark = active(event.target);
    if (mark) {
      event.preventDefault();
      show(mark);
      pinned = true;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.getElementById("show-u").addEventListener("change", (event) => {
    for (const mark of text.querySelectorAll("a.u")) mark.tabIndex = event.target.checked ? 0 : -1;
  });
  for (const choice of document.querySelectorAll("[name=lang]")) {
    choice.addEventListener("change", () => {
      document.documentElement.lang = document.getElementById("lang-en").checked ? "en" : "zh-Hans";
    });
  }
})();

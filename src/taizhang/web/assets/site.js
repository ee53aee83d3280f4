// Every click is a link or a form without this; it only makes them quicker, and adds the keys.
(() => {
  "use strict";
  const english = document.body.dataset.lang === "en";
  const say = (zh, en) => (english ? en : zh);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const store = (area, name, value) => {
    try {
      if (value === undefined) return area.getItem(name);
      if (value === null) area.removeItem(name);
      else area.setItem(name, value);
    } catch { /* a browser may forbid it */ }
    return null;
  };
  const announce = (words) => {
    const at = document.getElementById("status");
    if (at && !at.querySelector("form")) at.textContent = words;
  };

  // What was done stays on the page until it is let go, but not in the address.
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    history.replaceState(history.state, "", address);
  }
  const problem = document.getElementById("problem");
  if (problem) problem.focus();

  const copy = async (words, button) => {
    try {
      await navigator.clipboard.writeText(words);
      announce(say("已复制", "Copied"));
      if (button) button.textContent = say("已复制", "Copied");
    } catch { announce(say("浏览器不允许复制，请手动选取", "Copying is not allowed here; select it yourself")); }
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy).textContent, button));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => print());
  }
  // Which rows are open is kept in the address, so that Back, a reload and a copied link show them so again.
  document.addEventListener("toggle", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("details[data-row]")) return;
    const to = new URL(location.href);
    const rows = [...document.querySelectorAll("details[data-row][open]")].map((row) => row.dataset.row);
    if (rows.length) to.searchParams.set("open", rows.join(","));
    else to.searchParams.delete("open");
    history.replaceState(history.state, "", to.href.replaceAll("%2C", ","));
  }, true);
  const off = document.getElementById("keys-off");
  if (off) {
    off.checked = store(localStorage, "keys-off") === "1";
    off.addEventListener("change", () => store(localStorage, "keys-off", off.checked ? "1" : null));
  }
  if (location.hash.startsWith("#do-")) {
    const wanted = document.getElementById(location.hash.slice(1));
    if (wanted) { wanted.open = true; wanted.scrollIntoView({ block: "center" }); }
  }

  // A form half filled in is kept until it was sent.
  const keep = (form) => {
    const name = `draft:${form.dataset.draft}`;
    const old = store(sessionStorage, name);
    if (old) {
      const values = JSON.parse(old);
      if (values.seen === form.elements.seen.value) {
        for (const [key, value] of Object.entries(values)) {
          const field = form.elements[key];
          if (field && field.type !== "hidden") field.value = value;
        }
      }
    }
    form.addEventListener("input", () => store(sessionStorage, name, JSON.stringify(Object.fromEntries(new FormData(form)))));
    // Not let go when it is sent: that may fail. Once it is saved the statement has another version, and it is past.
  };
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

  // Reports

  const reader = document.getElementById("reader");
  if (reader) {
    // On a narrow screen the contents would stand before everything else.
    if (innerWidth < 900) reader.querySelector(".contents details").open = false;
    document.documentElement.classList.remove("early");
    const text = document.getElementById("text");
    const pane = document.getElementById("inspector");
    const list = document.getElementById("list");
    const side = pane.closest(".side-pane");
    const hint = pane.innerHTML;
    let chosen = new URL(location.href).searchParams.get("s");
    let asked = 0;

    const order = () => {
      const rows = list ? [...list.querySelectorAll("[data-s]")] : [];
      return rows.length ? rows.map((row) => row.dataset.s)
        : [...text.querySelectorAll("a.m[id]")].map((mark) => mark.id.slice(2));
    };
    const show = (element, flash) => {
      const box = element.getBoundingClientRect();
      const sheet = innerWidth < 900 && pane.classList.contains("open") ? innerHeight * 0.45 : 0;
      if (box.top < innerHeight * 0.1 || box.bottom > innerHeight - sheet - innerHeight * 0.1) {
        element.scrollIntoView({ block: sheet ? "start" : "center", behavior: calm ? "auto" : "smooth" });
      }
      if (flash) {
        element.classList.add("flash");
        setTimeout(() => element.classList.remove("flash"), 1200);
      }
    };
    const light = (id) => {
      for (const old of document.querySelectorAll("#text .current, #list .current")) old.classList.remove("current");
      for (const mark of text.querySelectorAll(".m")) if (mark.dataset.s.split(" ").includes(id)) mark.classList.add("current");
      const row = list && list.querySelector(`[data-s="${CSS.escape(id)}"]`);
      if (row) {
        row.classList.add("current");
      }
    };
    // The text is one stop of the tab key: of its marks only one is, the last that was chosen.
    let stop = null;
    const rove = (mark) => {
      if (!mark || !mark.matches("a.m")) return;
      if (stop) stop.tabIndex = -1;
      stop = mark;
      stop.tabIndex = 0;
    };
    for (const mark of text.querySelectorAll("a.m")) mark.tabIndex = -1;
    rove((chosen && document.getElementById(`s-${chosen}`)) || text.querySelector("a.m[id]"));
    const choose = async (id, { push = false, scroll = true, enter = false, by = 0 } = {}) => {
      const mark = document.getElementById(`s-${id}`);
      // Where a button of the pane was pressed, the focus stays with it; else it goes to the mark, which is then said.
      const inside = pane.contains(document.activeElement);
      rove(mark && mark.tagName === "I" ? mark.nextElementSibling : mark);
      if (by && !inside && mark) stop.focus({ preventScroll: true });
      chosen = id;
      const ticket = ++asked;
      const to = new URL(location.href);
      to.searchParams.set("s", id);
      to.hash = `s-${id}`;
      history[push ? "pushState" : "replaceState"]({ s: id }, "", to);
      light(id);
      pane.classList.add("open");
      document.body.classList.add("has-sheet");
      pane.setAttribute("aria-busy", "true");
      if (mark && scroll) show(mark.tagName === "I" ? mark.nextElementSibling || mark : mark, false);
      try {
        const answer = await fetch(`${reader.dataset.base}/inspector?s=${encodeURIComponent(id)}`, { headers: { accept: "text/html" } });
        if (ticket !== asked) return;
        if (answer.redirected || !answer.ok) { location.reload(); return; }
        pane.innerHTML = await answer.text();
        for (const form of pane.querySelectorAll("form[data-draft]")) keep(form);
      } catch {
        if (ticket === asked) pane.textContent = say("没有连上服务。请检查后再点一次。", "The server cannot be reached. Try again.");
      }
      pane.removeAttribute("aria-busy");
      pane.scrollTop = side.scrollTop = 0;
      if (enter) document.getElementById("see-head")?.focus();
      else if (by && inside) pane.querySelector(`.step[data-step="${by}"]`)?.focus();
    };
    const hide = () => {
      chosen = null;
      pane.classList.remove("open");
      document.body.classList.remove("has-sheet");
      pane.innerHTML = hint;
      for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
    };
    const step = (by, fits) => {
      const names = order();
      let at = names.indexOf(chosen);
      if (at < 0) at = by > 0 ? -1 : names.length;
      for (at += by; at >= 0 && at < names.length; at += by) {
        if (!fits || fits(names[at])) return choose(names[at], { by });
      }
      announce(say("没有更多了", "No more"));
      return null;
    };
    const doubtful = (id) => document.querySelector(`#list [data-s="${CSS.escape(id)}"].doubt, #text [data-s~="${CSS.escape(id)}"].doubt`);
    let leftAt = -1;
    const left = (by) => {
      const all = [...text.querySelectorAll(".u[id]")];
      leftAt = Math.min(Math.max(leftAt + by, 0), all.length - 1);
      const one = all[leftAt];
      if (!one) return;
      for (const old of text.querySelectorAll(".u.current")) old.classList.remove("current");
      one.classList.add("current");
      show(one, true);
    };
    const section = (by) => {
      const all = [...text.querySelectorAll("b[id^=h-]")];
      const here = all.filter((each) => each.getBoundingClientRect().top < (by > 0 ? innerHeight * 0.5 + 4 : innerHeight * 0.35));
      const next = by > 0 ? all[here.length] : here[here.length - 2] || here[0];
      if (next) next.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    };
    const open = (name) => {
      const part = document.getElementById(name);
      if (!part) {
        announce(say("请先选一条指标：点击数字，或按 j", "Choose a statement first: click a number, or press j"));
        return;
      }
      part.open = true;
      (part.querySelector("input:not([type=hidden]), select") || part.querySelector("summary")).focus();
    };
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      const link = event.target.closest("a[data-s], a.step, a[data-u], a[data-open]");
      if (!link || !reader.contains(link)) return;
      if (link.dataset.open) {
        event.preventDefault();
        open(link.dataset.open);
      } else if (link.matches("a.step")) {
        event.preventDefault();
        step(Number(link.dataset.step));
      } else if (link.dataset.u) {
        event.preventDefault();
        const one = document.getElementById(`n-${link.dataset.u}`);
        for (const old of text.querySelectorAll(".u.current")) old.classList.remove("current");
        one.classList.add("current");
        show(one, true);
      } else {
        event.preventDefault();
        const names = link.dataset.s.split(" ");
        // Of overlapping ones each gets its turn.
        const next = names[(names.indexOf(chosen) + 1) % names.length];
        choose(next, { push: link.closest("#list") !== null, scroll: !text.contains(link) });
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        if (pane.contains(document.activeElement)) {
          const mark = chosen && document.getElementById(`s-${chosen}`);
          if (mark) mark.focus(); else document.activeElement.blur();
        } else hide();
        return;
      }
      if (event.target.closest("input, select, textarea, [contenteditable]") || store(localStorage, "keys-off") === "1") return;
      const keys = {
        j: () => step(1), k: () => step(-1), J: () => step(1, doubtful), K: () => step(-1, doubtful),
        u: () => left(1), U: () => left(-1), "[": () => section(-1), "]": () => section(1),
        o: () => pane.querySelector(".answer .other")?.click(),
        e: () => open("do-correct"), x: () => open("do-reject"), l: () => open("do-link"),
        c: () => { const go = pane.querySelector(".go"); if (go) copy(go.href); },
        "/": () => document.getElementById("top-q").focus(),
        "?": () => { location.href = `${english ? "/en" : ""}/help/keys`; },
      };
      if (event.key === "Enter" && event.target.matches("a.m")) {
        event.preventDefault();
        choose(event.target.dataset.s.split(" ")[0], { scroll: false, enter: true });
      } else if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
      }
    });
    addEventListener("popstate", () => {
      const id = new URL(location.href).searchParams.get("s");
      if (id) choose(id); else hide();
    });
    if (chosen) {
      light(chosen);
      document.body.classList.add("has-sheet");
      const mark = document.getElementById(`s-${chosen}`);
      if (mark) requestAnimationFrame(() => show(mark, true));
    }
    // A link to a sentence or a task: the paragraph that holds it is lit.
    const told = location.hash.startsWith("#t-") && document.getElementById(location.hash.slice(1))?.closest(".t");
    if (told) told.classList.add("here");
    const at = new URL(location.href).searchParams.get("at");
    if (at) {
      const lines = [...text.querySelectorAll(".t")].filter((line) => Number(line.dataset.o) <= Number(at));
      if (lines.length) { lines.at(-1).scrollIntoView({ block: "center" }); lines.at(-1).classList.add("flash"); }
    }

    // New statements: words are picked in the text. Offsets are counted in characters, not in what a browser counts.
    const pick = document.getElementById("pick");
    const offset = (node, place) => {
      const line = (node.nodeType === 1 ? node : node.parentElement).closest("#text .t");
      if (!line) return null;
      const range = document.createRange();
      range.setStart(line, 0);
      range.setEnd(node, place);
      return Number(line.dataset.o) + [...range.toString()].length;
    };
    if (pick) {
      document.addEventListener("selectionchange", () => {
        const found = getSelection();
        if (!found.rangeCount || found.isCollapsed || !text.contains(found.anchorNode) || !text.contains(found.focusNode)) {
          pick.hidden = true;
          return;
        }
        const range = found.getRangeAt(0);
        const start = offset(range.startContainer, range.startOffset);
        const end = offset(range.endContainer, range.endOffset);
        if (start === null || end === null || end <= start || end - start > 200) { pick.hidden = true; return; }
        const box = range.getBoundingClientRect();
        pick.style.setProperty("top", `${box.bottom + scrollY + 6}px`);
        pick.style.setProperty("left", `${Math.max(8, box.left + scrollX)}px`);
        document.getElementById("pick-link").href = `${reader.dataset.base}/new?start=${start}&end=${end}`;
        pick.hidden = false;
      });
    }
  }

  // Uploading: fetch says nothing of how far it is.
  const upload = document.getElementById("upload");
  if (upload) {
    const drop = document.getElementById("drop");
    const input = document.getElementById("file");
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragover");
        if (name === "drop") input.files = event.dataTransfer.files;
      });
    }
    upload.addEventListener("submit", (event) => {
      event.preventDefault();
      const most = Number(upload.dataset.limit);
      const heavy = [...input.files].find((file) => file.size > most);
      if (heavy) {
        document.querySelector("#upload-status span").textContent = say(
          `“${heavy.name}”太大（${Math.round(heavy.size / 1048576)} MB），每个文件不超过 ${Math.round(most / 1048576)} MB。`,
          `“${heavy.name}” is too large (${Math.round(heavy.size / 1048576)} MB); ${Math.round(most / 1048576)} MB at most.`);
        return;
      }
      const bar = document.getElementById("upload-bar");
      const words = document.querySelector("#upload-status span");
      const request = new XMLHttpRequest();
      request.open("POST", upload.action);
      bar.hidden = false;
      request.upload.addEventListener("progress", (at) => {
        if (!at.lengthComputable) return;
        bar.value = (100 * at.loaded) / at.total;
        words.textContent = `${say("上传", "Sending")} ${(at.loaded / 1048576).toFixed(1)}/${(at.total / 1048576).toFixed(1)} MB`;
      });
      request.addEventListener("load", () => {
        if (request.status < 400) { location.href = request.responseURL; return; }
        bar.hidden = true;
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        words.textContent = page.querySelector(".problem")?.textContent.trim() || say("没有完成", "Not done");
      });
      request.addEventListener("error", () => {
        bar.hidden = true;
        words.textContent = say("没有连上服务，文件没有上传。请再试。", "The server cannot be reached; nothing was sent. Try again.");
      });
      request.send(new FormData(upload));
    });
  }

  // A job, or the list of several: asked again each second, put in place where something moved, told aloud.
  const follow = (name) => {
    const again = async () => {
      const here = document.getElementById(name);
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById(name);
        if (now && now.innerHTML !== here.innerHTML) {
          const active = here.contains(document.activeElement) && document.activeElement.getAttribute("href");
          // The sentence stays, so that a change of it is heard.
          const said = here.querySelector("[role=status]");
          const next = now.querySelector("[role=status]");
          if (said && next) { said.replaceChildren(...next.childNodes); next.replaceWith(said); }
          here.replaceChildren(...now.childNodes);
          for (const key of ["stage", "live"]) {
            if (key in now.dataset) here.dataset[key] = now.dataset[key]; else delete here.dataset[key];
          }
          if (active) here.querySelector(`a[href="${CSS.escape(active)}"]`)?.focus();
          document.title = page.title;
        }
        if (now && "live" in now.dataset) setTimeout(again, 1000);
      } catch { setTimeout(again, 3000); }
    };
    setTimeout(again, 500);
  };
  for (const live of document.querySelectorAll("#job[data-live], #recent[data-live]")) follow(live.id);
})();

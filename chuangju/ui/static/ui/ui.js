// What the browser does not do by itself: close an open panel on Escape or a click beside it, and follow a list that
// answered with another page (signed out meanwhile), choose among what the search box offers. All works without this file.
(() => {
  "use strict";
  const open = () => document.querySelectorAll("details.popover[open], details.drawer[open]");
  document.addEventListener("click", (event) => {
    open().forEach((panel) => { if (!panel.contains(event.target)) panel.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((panel) => {
      const hadFocus = panel.contains(document.activeElement);
      panel.open = false;
      if (hadFocus) panel.querySelector("summary").focus();
    });
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target.id === "list" && !xhr.responseText.includes('id="list"')) {
      event.detail.shouldSwap = false;
      window.location.assign(xhr.responseURL);
    }
  });

  // The navigation: a group stays as its reader left it, the current page's is open, and its line is in view.
  const kept = (key, value) => {
    try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
  };
  document.querySelectorAll(".nav-group").forEach((group) => {
    const key = `chuangju.nav.${group.dataset.key}`;
    const wanted = kept(key);
    if (wanted && !("current" in group.dataset)) group.open = wanted === "open";
    group.querySelector("summary").addEventListener("click", () => kept(key, group.open ? "folded" : "open"));
  });
  document.querySelectorAll(".side-scroll").forEach((side) => {
    const current = side.querySelector("[aria-current]");
    if (current && current.offsetTop + current.offsetHeight > side.offsetTop + side.clientHeight) {
      side.scrollTop = current.offsetTop - side.offsetTop - side.clientHeight / 2;
    }
  });

  // The list under the search box: arrows choose, Enter follows, Escape and a click beside it close.
  const box = document.getElementById("search-box");
  const panel = document.getElementById("suggestion-panel");
  if (!box || !panel) return;
  const options = () => [...panel.querySelectorAll("[role=option]")];
  const chosen = () => panel.querySelector("[aria-selected=true]");
  const close = () => { panel.replaceChildren(); box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  panel.addEventListener("htmx:afterSwap", () => box.setAttribute("aria-expanded", String(options().length > 0)));
  document.addEventListener("click", (event) => { if (!box.form.contains(event.target)) close(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      const at = all.indexOf(chosen());
      choose(all[(at + step + (at < 0 && step < 0 ? 1 : 0) + all.length) % all.length]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      window.location.assign(chosen().href);
    } else if (event.key === "Escape" && all.length) {
      close();
    }
  });
})();

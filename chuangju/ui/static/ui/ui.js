// What the browser does not do by itself: close an open panel on Escape or a click beside it, and follow a list that
// answered with another page (signed out meanwhile). Everything works without this file.
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
})();

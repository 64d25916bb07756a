// The editor of a policy: suggestions while an expression is typed, a click on a fault leads to its line, and the text keeps
// its place when the server draws it anew. Without this file the page does the same by its buttons and the list of names.
(() => {
  "use strict";
  const names = [...document.querySelectorAll(".names code")].map((code) => ({
    name: code.textContent,
    label: code.closest("div")?.querySelector("dd")?.textContent ?? "()",
  }));
  const form = document.getElementById("editor");
  const box = document.createElement("ul");
  box.className = "suggest";
  box.setAttribute("role", "listbox");
  box.hidden = true;
  document.body.append(box);
  let field = null;

  const wordAt = (input) => {
    const before = input.value.slice(0, input.selectionStart);
    const word = /[A-Za-z_\u4e00-\u9fff][\w.\u4e00-\u9fff]*$/.exec(before);
    return word ? word[0] : "";
  };
  const close = () => { box.hidden = true; box.replaceChildren(); };
  const choose = (option) => {
    const word = wordAt(field);
    const start = field.selectionStart - word.length;
    field.setRangeText(option.dataset.name, start, field.selectionStart, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const suggest = (input) => {
    const word = wordAt(input).toLowerCase();
    if (word.length < 2) { close(); return; }
    const starts = names.filter((one) => one.name.toLowerCase().startsWith(word));
    const holds = names.filter((one) => !starts.includes(one) && (one.name.toLowerCase().includes(word) || one.label.toLowerCase().includes(word)));
    const found = [...starts, ...holds].slice(0, 12);
    if (!found.length || (found.length === 1 && found[0].name === word)) { close(); return; }
    field = input;
    box.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(index === 0));
      item.dataset.name = one.name;
      const name = document.createElement("code");
      name.textContent = one.name;
      const label = document.createElement("span");
      label.textContent = one.label;
      item.append(name, label);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
      return item;
    }));
    const place = input.getBoundingClientRect();
    // Placed through the object model, which the content policy allows.
    box.style.left = `${place.left + window.scrollX}px`;
    box.style.top = `${place.bottom + window.scrollY + 2}px`;
    box.hidden = false;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-expression]") && !event.isComposing) suggest(event.target);
  });
  document.addEventListener("focusout", () => setTimeout(close, 120));
  document.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing || !event.target.matches?.("[data-expression]")) return;
    const all = [...box.children];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = all[(at + step + all.length) % all.length];
      all.forEach((one) => one.setAttribute("aria-selected", String(one === next)));
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      choose(all[at]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });

  // A fault's line, or the line of a condition: chosen in the text and brought into view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    const text = document.getElementById("text");
    if (!link || !text) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const line = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(start + Math.max(0, Number(link.dataset.column || 1) - 1), start + lines[line - 1].length);
    const scroll = text.closest(".text-scroll");
    scroll.scrollTop = Math.max(0, (line - 4) * 20);
    scroll.scrollIntoView({ block: "nearest" });
  });

  // The text grows with its lines; drawn anew it stays where it was, and the field being typed in keeps what was typed.
  let kept = 0;
  let typed = null;
  document.addEventListener("htmx:beforeSwap", () => {
    kept = document.querySelector(".text-scroll")?.scrollTop ?? 0;
    const at = document.activeElement;
    const holds = at && at.id && form?.contains(at) && typeof at.selectionStart === "number";
    typed = holds ? { id: at.id, value: at.value, start: at.selectionStart, end: at.selectionEnd } : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const scroll = document.querySelector(".text-scroll");
    if (scroll) scroll.scrollTop = kept;
    const at = typed && document.getElementById(typed.id);
    if (!at || at === document.activeElement) return;
    at.value = typed.value;
    at.focus({ preventScroll: true });
    at.setSelectionRange(typed.start, typed.end);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "text") event.target.rows = event.target.value.split("\n").length;
  });

  // Leaving with words that nobody has kept.
  let isSaved = false;
  let isDirty = false;
  form?.addEventListener("input", () => { isDirty = true; });
  form?.addEventListener("submit", () => { isSaved = true; });
  window.addEventListener("beforeunload", (event) => { if (isDirty && !isSaved) event.preventDefault(); });
})();

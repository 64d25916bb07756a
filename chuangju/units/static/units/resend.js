// Counts down to when another code may be asked for; without it the server says how long to wait.
(() => {
  "use strict";
  const button = document.querySelector("button[data-wait]");
  let left = button ? Number(button.dataset.wait) : 0;
  if (!left) return;
  const shown = button.querySelector(".wait");
  const show = () => {
    button.disabled = left > 0;
    shown.hidden = left <= 0;
    shown.textContent = ` (${left} ${button.dataset.unit})`;
  };
  show();
  const timer = window.setInterval(() => {
    left -= 1;
    show();
    if (left <= 0) window.clearInterval(timer);
  }, 1000);
})();

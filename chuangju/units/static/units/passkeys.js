// Passkeys: shows the forms that need the browser's help, and hands them to allauth's script; without it they stay hidden.
(() => {
  "use strict";
  const form = document.querySelector(".passkey-form");
  if (!form || !window.isSecureContext || !window.webauthnJSON || !window.webauthnJSON.supported()) return;
  document.querySelectorAll(".passkey-missing").forEach((hint) => { hint.hidden = true; });
  form.hidden = false;
  const { forms } = window.allauth.webauthn;
  const ids = { credential: "passkey-credential", data: "passkey-options" };
  const found = (id) => document.getElementById(id);
  if (found("passkey-login")) forms.loginForm({ ids: { ...ids, login: "passkey-login" } });
  if (found("passkey-authenticate")) forms.authenticateForm({ ids: { ...ids, authenticate: "passkey-authenticate" } });
  if (found("passkey-add")) forms.signupForm({ ids: { ...ids, signup: "passkey-add" } });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    form.querySelector(".error").hidden = false;
  });
})();

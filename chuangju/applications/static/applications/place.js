// The place of a visit: only when asked for, and only where the phone tells it. Without it the form works as it is.
for (const form of document.querySelectorAll("form[data-place]")) {
  const button = form.querySelector("[data-locate]");
  const said = form.querySelector("[data-place-said]");
  if (!button || !navigator.geolocation) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(6);
        form.elements.longitude.value = coords.longitude.toFixed(6);
        form.elements.accuracy.value = Math.round(coords.accuracy);
        said.textContent = said.dataset.done;
      },
      () => { said.textContent = said.dataset.failed; },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

// The slider of a selection list: moving it shows at once what the cut line would cost. Saving stays the form's affair.
for (const board of document.querySelectorAll("[data-board]")) {
  const range = board.querySelector("[data-range]");
  const cut = board.querySelector("[data-cut]");
  const held = board.querySelector("[data-held]");
  if (!range || !cut || !held) continue;
  const rows = [...document.querySelectorAll("[data-row]")];
  const money = board.dataset.money === "" ? null : Number(board.dataset.money);
  const places = board.dataset.places === "" ? null : Number(board.dataset.places);
  const said = (fen) => `${new Intl.NumberFormat("en").format(fen / 100)} ${document.documentElement.lang.startsWith("zh") ? "元" : "yuan"}`;
  const show = () => {
    const count = Math.min(Number(cut.value) || 0, rows.length);
    const reserves = Number(held.value) || 0;
    let total = 0;
    rows.forEach((row, place) => {
      if (place < count) total += Number(row.dataset.amount);
      const at = place < count ? "at-granted" : place < count + reserves ? "at-reserve" : "at-refused";
      row.className = at;
    });
    board.querySelector("[data-count]").textContent = count;
    board.querySelector("[data-total]").textContent = said(total);
    board.querySelector("[data-reserves]").textContent = reserves;
    const rest = board.querySelector("[data-remaining]");
    if (rest && money !== null) rest.textContent = said(money - total);
    const over = (money !== null && total > money) || (places !== null && count > places);
    board.querySelector("[data-rest]")?.classList.toggle("over", over);
    board.classList.toggle("is-over", over);
  };
  board.querySelector("[data-slider]").hidden = false;
  range.addEventListener("input", () => { cut.value = range.value; show(); });
  cut.addEventListener("input", () => { range.value = cut.value; show(); });
  held.addEventListener("input", show);
}

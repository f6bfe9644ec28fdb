// Counts down how long the QR on the practice phone may still be paid. Without script the page
// says the time of day at which it ends, and the bank itself refuses an expired QR.

for (const line of document.querySelectorAll("[data-expires-ms]")) {
  const left = Number(line.dataset.expiresMs) - Number(line.dataset.nowMs);
  const end = performance.now() + left;
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) {
      line.textContent = "This QR has expired";
      line.dataset.state = "over";
      clearInterval(timer);
      return;
    }
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const pad = (number) => String(number).padStart(2, "0");
    const clock = hours ? `${hours}:${pad(minutes)}` : `${minutes}`;
    line.textContent = `Expires in ${clock}:${pad(seconds % 60)}`;
    line.dataset.state = seconds <= 60 ? "soon" : "open";
  };
  const timer = setInterval(tick, 250);
  tick();
}

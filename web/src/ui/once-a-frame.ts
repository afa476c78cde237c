import { options } from "preact";

/** Pages in the background get no frames, and slow ones few. */
const LATEST_MS = 100;

/** From now on the page is drawn when the browser draws: what comes before goes out first, and many changes cost one drawing. */
export function drawOnceAFrame(): void {
  options.debounceRendering = (draw) => {
    const drawNow = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      draw();
    };
    const frame = requestAnimationFrame(drawNow);
    const timer = setTimeout(drawNow, LATEST_MS);
  };
}

/**
 * Asks again and again, as long as somebody looks: `wanted` says so, and the page is visible.
 *
 * @param {() => Promise<number>} ask resolves with the pause until the next time, in milliseconds
 * @param {() => boolean} wanted
 * @returns {() => void} asks at once, where the pause was only because nobody looked
 */
export function poll(ask, wanted) {
  let timer = null;
  let asking = false;
  const turn = async () => {
    timer = null;
    if (document.hidden || !wanted()) {
      return;
    }
    asking = true;
    const pause = await ask().finally(() => (asking = false));
    timer = setTimeout(turn, pause);
  };
  const look = () => {
    if (timer === null && !asking) {
      turn();
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
  return look;
}

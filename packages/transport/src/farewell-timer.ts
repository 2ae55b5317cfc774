/**
 * For `Carrier.farewell`: calls `late` when the last bytes of a connection have had their time to reach the peer. Returns what stops it.
 *
 * The time goes in steps. Where the event loop was blocked for seconds, a single timer would be the first thing that is heard
 * afterwards, and cut off what is waiting to leave or to be read: each step gives the loop a turn before time is up.
 */
export function farewellTimer(late: () => void): () => void {
  let steps = farewellSteps;
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(() => (--steps > 0 ? wait() : late()), farewellTimeoutMs / farewellSteps);
  };
  wait();
  return () => clearTimeout(timer);
}

/** Long enough for one round trip on bad networks; short, because only the peer's diagnosis depends on it. */
const farewellTimeoutMs = 2_000;
const farewellSteps = 20;

const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * Milliseconds of the machine's monotonic clock. Every process on one machine reads the same clock, so that a time
 * taken in a server can be subtracted from one taken in a consumer; the wall clock may be slewed between their starts.
 */
export function machineNowMs(): number {
  return originMs + performance.now();
}

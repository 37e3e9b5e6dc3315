/**
 * Loaded into a server under trial, before it: tells the parent what is alive in the heap once all garbage is gone. Only
 * so does a slope mean a leak, and not that garbage was not due yet.
 */
const EVERY_MS = 15_000;

process.channel?.unref();
setInterval(() => {
  globalThis.gc?.();
  process.send?.({ heapUsed: process.memoryUsage().heapUsed });
}, EVERY_MS).unref();

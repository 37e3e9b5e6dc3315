import { defineConfig } from 'vite';

export default defineConfig({
  // The page may be served under any path, and from nowhere but its own server.
  base: './',
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
});

import preact from '@preact/preset-vite';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => {
  const silo = loadEnv(mode, '.', 'COCOON_').COCOON_SILO_URL ?? 'http://127.0.0.1:8080';
  return {
    base: '/console/',
    plugins: [preact()],
    build: {
      outDir: '../Silo/wwwroot/console',
      // The folder lies outside this project, so Vite asks for an explicit yes before it clears old hashed files.
      emptyOutDir: true,
      // The content security policy of the silo allows no data: addresses; every asset must be a file of its own.
      assetsInlineLimit: 0,
    },
    server: {
      host: '127.0.0.1',
      proxy: { '/api': silo, '/ws': { target: silo, ws: true } },
    },
    test: { environment: 'node', include: ['src/**/*.test.ts'] },
  };
});

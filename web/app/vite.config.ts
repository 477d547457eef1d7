import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { pinnedSettings } from './build/pinned-settings.ts';
import { webManifest } from './build/web-manifest.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const MIB = 1024 * 1024;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Only the worker of tfjs models is in pieces: named, so that the precache can leave them out.
  worker: {
    format: 'es',
    rolldownOptions: { output: { chunkFileNames: 'assets/tfjs-[name]-[hash].js' } },
  },
  build: {
    outDir: `${repository}dist/app`,
    emptyOutDir: true,
    target: 'es2023',
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
  },
  plugins: [
    pinnedSettings(repository),
    svelte(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: '../service-worker',
      filename: 'service-worker.ts',
      injectRegister: null,
      manifest: webManifest,
      injectManifest: {
        globPatterns: ['**/*.{html,js,mjs,css,svg,png,wasm,webmanifest}'],
        globIgnores: ['assets/tfjs-*'],
        // onnxruntime's wasm is 14.2 MB and must be there offline.
        maximumFileSizeToCacheInBytes: 20 * MIB,
      },
    }),
  ],
});

import type { ManifestOptions } from 'vite-plugin-pwa';

/** What a browser needs to install the app. */
export const webManifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Edgewise',
  short_name: 'Edgewise',
  description: 'Predictions that are made on your device, with their reasons, offline too.',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#f5f4ef',
  theme_color: '#0b6a5a',
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
  ],
};

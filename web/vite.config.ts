import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** What every page behind the login needs. */
const BASE =
  /src\/paraglide\/(runtime|registry)|paraglide\/messages\/(app|ui|problem|notifications)_|paraglide\/messages\/reports_title|lucide-react|src\/api\/|src\/app\/(?!Palette)|src\/ui\/(Button|Badge|Avatar|EmptyState|Skeleton|Page|Pager|Table|Tabs|toast|clock|format|use-|FilterBar|Menu|theme|UiProvider)/;
const ROOM_MESSAGE =
  /paraglide\/messages\/(identity|customers|opportunities|follow_ups|calendar|notices|tasks|my_day|settings|reports)_/;

export default defineConfig(({ command }) => ({
  plugins: [
    react(),
    // Build and tests compile the messages beforehand (npm run messages); only the dev server watches them.
    command === 'serve' &&
      !process.env.VITEST &&
      paraglideVitePlugin({
        project: './project.inlang',
        outdir: './src/paraglide',
        strategy: ['localStorage', 'baseLocale'],
        emitTsDeclarations: true,
      }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The page's own policy allows no data: scripts; small icons stay separate files for the same reason.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone, every message, icon and hook shared by two routes would become a request of its own.
          groups: [
            {
              name: 'vendor',
              priority: 3,
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|openapi-fetch)\//,
            },
            { name: 'base', priority: 2, test: BASE },
            {
              priority: 1,
              name: (id: string) => {
                const room = ROOM_MESSAGE.exec(id);
                return room ? `messages-${room[1]}` : null;
              },
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.CHENGDAN_API ?? 'http://127.0.0.1:8080' } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    css: false,
  },
}));

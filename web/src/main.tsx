import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client';
import { onSessionProblem } from './api/session-guard';
import { router } from './app/router';
import { getLocale, overwriteGetLocale } from './paraglide/runtime';
import { UiProvider } from './ui/UiProvider';

// The language never changes within a page's life (choosing another reloads it), so storage is read once.
const locale = getLocale();
overwriteGetLocale(() => locale);

onSessionProblem({
  toLogin: () => {
    const here = router.state.location;
    if (here.pathname === '/login' || here.pathname === '/setup') return;
    queryClient.clear();
    void router.navigate({ to: '/login', search: { next: here.href === '/' ? undefined : here.href } });
  },
  toPasswordChange: () => void router.navigate({ to: '/password' }),
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <UiProvider>
        <RouterProvider router={router} />
      </UiProvider>
    </QueryClientProvider>
  </StrictMode>,
);

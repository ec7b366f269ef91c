// Runs before the first paint so that the page never flashes in the wrong theme.
(() => {
  let choice = 'system';
  let locale = 'zh';
  try {
    choice = localStorage.getItem('theme') || 'system';
    locale = localStorage.getItem('PARAGLIDE_LOCALE') || 'zh';
  } catch {
    // Storage may be blocked; the defaults stand.
  }
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.lang = locale === 'en' ? 'en' : 'zh-CN';
  const bar = document.querySelector('meta[name="theme-color"]');
  if (bar && dark) bar.setAttribute('content', '#0f1413');
})();

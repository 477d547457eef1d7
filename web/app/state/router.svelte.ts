export type Route =
  | { page: 'predict'; useCase: string | null }
  /** model: the one that is shown; null: the first. */
  | { page: 'console'; model: string | null }
  | { page: 'not-found' };

/** Which page an address names. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'predict', useCase: null };
  const console = /^\/console(?:\/([a-z][a-z0-9-]*))?\/?$/.exec(path);
  if (console) return { page: 'console', model: console[1] ?? null };
  const useCase = /^\/use\/([a-z][a-z0-9-]*)\/?$/.exec(path);
  return useCase ? { page: 'predict', useCase: useCase[1] } : { page: 'not-found' };
}

/** Where the console shows a model: an address to keep and to pass on. */
export const consolePath = (model: string): string => `/console/${model}`;

/** The address bar as state; links inside the app change it without loading a page. */
export class Router {
  #path = $state.raw(location.pathname);
  #route = $derived(routeOf(this.#path));

  get route(): Route {
    return this.#route;
  }

  get path(): string {
    return this.#path;
  }

  /** Follows links of this origin and the browser's back and forward; returns the way out. */
  listen(): () => void {
    const onPop = () => {
      this.#path = location.pathname;
    };
    const onClick = (event: MouseEvent) => this.#follow(event);
    addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }

  #follow(event: MouseEvent): void {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!isPlain || !link || link.target || link.origin !== location.origin) return;
    if (link.hash || routeOf(link.pathname).page === 'not-found') return;
    event.preventDefault();
    if (link.pathname !== location.pathname) history.pushState(null, '', link.pathname);
    this.#path = link.pathname;
    scrollTo(0, 0);
  }
}

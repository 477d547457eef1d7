/**
 * What a page can do beyond being read: sort tables, find rows, open all, turn dark, say what is pointed at, open
 * what a link leads to and what is printed. The page is whole without it.
 */
export const SCRIPT = `
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const tools = document.querySelector('.tools');
  const folds = all('details:not(.numbers)');

  const sort = (table, column, head) => {
    const isUp = head.getAttribute('aria-sort') === 'descending';
    for (const other of all('th', table.tHead)) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
    const keyOf = (row) => row.cells[column].dataset.order ?? row.cells[column].textContent.trim();
    const isNumber = (key) => key !== '' && Number.isFinite(Number(key));
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [x, y] = [keyOf(a), keyOf(b)];
      if (isNumber(x) !== isNumber(y)) return isNumber(x) ? -1 : 1;
      const order = isNumber(x) ? x - y : x.localeCompare(y);
      return isUp ? order : -order;
    });
    table.tBodies[0].append(...rows);
  };
  for (const table of all('main > section > .scroll > table')) {
    if (table.tBodies[0].rows.length < 3) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const hasText = [...table.tBodies[0].rows].some((row) => row.cells[column].textContent !== '');
      if (head.textContent === '' || !hasText) return;
      const button = make('button', { type: 'button' });
      button.append(...head.childNodes);
      button.addEventListener('click', () => sort(table, column, head));
      head.append(button);
    });
  }

  if (folds.length > 1) {
    const toggle = make('button', { type: 'button', textContent: 'Open all' });
    toggle.addEventListener('click', () => {
      const willOpen = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = willOpen;
      toggle.textContent = willOpen ? 'Close all' : 'Open all';
    });
    tools.append(toggle);
  }
  const named = [...folds, ...all('main > section > .scroll > table > tbody > tr')];
  if (named.length > 11) {
    const find = make('input', { type: 'search', placeholder: 'Find by name' });
    find.setAttribute('aria-label', 'Find by name');
    find.addEventListener('input', () => {
      const wanted = find.value.trim().toLowerCase();
      for (const one of named) {
        const name = one.querySelector('h3, th')?.textContent ?? '';
        one.hidden = !name.toLowerCase().includes(wanted);
      }
    });
    tools.append(find);
  }
  const shade = make('button', { type: 'button', textContent: 'Light or dark' });
  shade.addEventListener('click', () => {
    const root = document.documentElement;
    const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
    const isDark = root.classList.contains('dark') || (prefersDark && !root.classList.contains('light'));
    root.classList.toggle('dark', !isDark);
    root.classList.toggle('light', isDark);
  });
  tools.append(shade);
  tools.hidden = false;

  const tip = make('div', { className: 'tip', hidden: true });
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(tip);
  document.addEventListener('pointermove', (event) => {
    const box = event.target.closest?.('.hint');
    const title = box?.querySelector('title');
    if (title) {
      box.tip = title.textContent;
      title.remove();
    }
    tip.hidden = !box?.tip;
    if (tip.hidden) return;
    tip.textContent = box.tip;
    const { innerWidth: width } = window;
    const left = Math.min(event.clientX + 14, width - tip.offsetWidth - 8);
    tip.style.left = Math.max(8, left) + 'px';
    tip.style.top = event.clientY + 16 + 'px';
  });

  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.tagName !== 'DETAILS') return;
    target.open = true;
    target.scrollIntoView();
  };
  window.addEventListener('hashchange', openTarget);
  openTarget();
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const fold of closed) fold.open = false;
  });
})();
`;

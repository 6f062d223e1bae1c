// The choice of a city: an ARIA 1.2 combobox over a plain text field, which works without this too.

const box = document.querySelector('[data-places-url]');
const input = box?.querySelector('input[name="city"]');
const code = box?.querySelector('input[name="city_code"][type="hidden"]');

function start() {
  const list = document.createElement('ul');
  list.id = 'places';
  list.className = 'combobox-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', box.querySelector('label').textContent);
  list.hidden = true;
  const status = document.createElement('p');
  status.className = 'visually-hidden';
  status.setAttribute('role', 'status');
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
  })) input.setAttribute(name, value);
  return { list, status };
}

function combobox({ list, status }) {
  let found = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function choose(city) {
    input.value = city.label;
    code.value = city.code;
    close();
  }

  function mark(place) {
    active = (place + found.length) % found.length;
    [...list.children].forEach((option, number) =>
      option.setAttribute('aria-selected', String(number === active)));
    input.setAttribute('aria-activedescendant', `place-${active}`);
    list.children[active].scrollIntoView({ block: 'nearest' });
  }

  function show(cities) {
    found = cities;
    active = -1;
    list.replaceChildren(...cities.map((city, number) => {
      const option = document.createElement('li');
      option.id = `place-${number}`;
      option.className = 'combobox-option';
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.textContent = city.label;
      // The field keeps the focus: the list must not take it when it is pressed.
      option.addEventListener('pointerdown', (event) => { event.preventDefault(); choose(city); });
      return option;
    }));
    list.hidden = cities.length === 0;
    input.setAttribute('aria-expanded', String(cities.length > 0));
    const words = box.dataset;
    status.textContent = cities.length === 0 ? words.countNone
      : cities.length === 1 ? words.countOne
        : words.countMany.replace('{n}', cities.length);
  }

  async function ask() {
    asking?.abort();
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking = new AbortController();
    try {
      const url = `${box.dataset.placesUrl}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(url, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).cities);
    } catch {
      // Without the list the field still works: the server asks which city is meant.
    }
    return undefined;
  }

  input.addEventListener('input', () => {
    code.value = '';
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    const moves = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
    if (event.key in moves) mark(moves[event.key]);
    else if (event.key === 'Enter' && active >= 0) choose(found[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
}

if (input && code) combobox(start());

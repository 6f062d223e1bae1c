// Renews the counts of the dashboard; only what changed is fetched, and nothing while the tab is hidden.

const place = document.querySelector('[data-counts-url]');
const shortest = 5000;
let tag = '';
let failures = 0;

function later() {
  // Jitter keeps many desks from asking at once; failures slow down.
  const wait = shortest * (1 + Math.random()) * 2 ** Math.min(failures, 4);
  setTimeout(renew, wait);
}

async function renew() {
  if (document.hidden) return later();
  try {
    const answer = await fetch(place.dataset.countsUrl, { headers: tag ? { 'If-None-Match': tag } : {} });
    if (answer.status === 200) {
      tag = answer.headers.get('ETag') ?? '';
      place.innerHTML = await answer.text();
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    failures = 0;
  } catch {
    failures += 1;
  }
  return later();
}

if (place) later();

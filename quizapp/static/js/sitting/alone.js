/**
 * One page of a sitting at a time in this browser: the newest takes the lock, the older one is told.
 * Another device is told by the server; a browser without locks is kept from harm by the versions.
 */

/** Be the one page that writes in this sitting; `lost()` is called when a newer one has taken over. */
export function alone(sitting, lost) {
  // The promise never ends by itself: the lock is held as long as this page lives.
  navigator.locks?.request(`sitting.${sitting}`, { steal: true }, () => new Promise(() => {})).catch(lost);
}

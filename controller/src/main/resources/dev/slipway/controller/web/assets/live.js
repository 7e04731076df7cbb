// Keeps a page live: when the server says that something happened, the same page is fetched again
// and the parts marked data-live are put in place. Without it, the page is what it was at loading.
(() => {
  "use strict";
  const events = document.body.dataset.events;
  if (!events || !window.EventSource || !window.fetch) {
    return;
  }
  const link = document.getElementById("link");
  const page = location.origin + location.pathname + location.search;
  let waiting = false;
  let again = false;

  async function refresh() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.ok) {
        put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch (e) {
      // The event source says that the connection is gone, and reconnects.
    }
    waiting = false;
    if (again) {
      again = false;
      refresh();
    }
  }

  function put(fresh) {
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(old.id);
      if (now && now.innerHTML !== old.innerHTML && !old.contains(selected())) {
        old.innerHTML = now.innerHTML;
      }
    }
  }

  // What a person is just selecting or has the focus in is not pulled away from under them.
  function selected() {
    const selection = document.getSelection();
    const focused = document.activeElement;
    if (selection && !selection.isCollapsed) {
      return selection.anchorNode;
    }
    return focused && focused !== document.body ? focused : null;
  }

  const source = new EventSource(events);
  source.onopen = () => {
    link.textContent = "live";
    refresh();
  };
  source.onerror = () => {
    link.textContent = "connection lost, trying again";
  };
  source.onmessage = refresh;
  setInterval(refresh, 15000);
})();

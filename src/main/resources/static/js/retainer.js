"use strict";
// Charts: <div class="chart" data-chart='{…ECharts option…}'></div>; also after a boosted page change.
(() => {
  const draw = root => root.querySelectorAll("[data-chart]").forEach(element => {
    if (element.dataset.drawn || typeof echarts === "undefined") return;
    element.dataset.drawn = "yes";
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(JSON.parse(element.dataset.chart));
    addEventListener("resize", () => chart.resize());
  });
  document.addEventListener("DOMContentLoaded", () => draw(document));
  document.addEventListener("htmx:afterSettle", event => draw(event.target));

  // What was typed into a long form is not lost by leaving it.
  let kept = null;
  let touched = false;
  document.addEventListener("input", event => { touched ||= kept !== null && kept.contains(event.target); });
  document.addEventListener("submit", event => { if (event.target === kept) touched = false; }, true);
  addEventListener("beforeunload", event => { if (touched) event.preventDefault(); });
  document.addEventListener("htmx:confirm", event => {
    if (!touched || kept.contains(event.target)) return;
    event.preventDefault();
    if (confirm(kept.dataset.keepAsk)) { touched = false; event.detail.issueRequest(true); }
  });
  document.addEventListener("htmx:load", event => {
    const form = event.target.querySelector("form[data-keep-ask]");
    if (form || event.target === document.body) {
      kept = form;
      touched = form !== null && form.dataset.keep === "unsaved";
    }
    // On a narrow screen the rows of a list stand one below the other, and each value says what it is.
    event.target.querySelectorAll("table.stacks").forEach(table => {
      const heads = [...table.querySelectorAll("thead th")].map(head => head.querySelector(".visually-hidden") ? "" : head.textContent.trim());
      table.querySelectorAll("tbody tr").forEach(row => [...row.cells].forEach((cell, i) => { if (heads[i]) cell.dataset.label = heads[i]; }));
    });
    // On a narrow screen the tab one is on may be outside.
    event.target.querySelectorAll(".tabs .here").forEach(tab => {
      const bar = tab.parentElement;
      bar.scrollLeft += tab.getBoundingClientRect().left - bar.getBoundingClientRect().left - (bar.clientWidth - tab.clientWidth) / 2;
    });
  });

  // What is too large is refused before it is sent, and when the server refuses it the form stays as it is with the reason in it.
  document.addEventListener("change", event => {
    const field = event.target;
    if (field.type !== "file" || !field.dataset.largest) return;
    const sizes = [...field.files].map(file => file.size);
    const wrong = sizes.some(size => size > +field.dataset.largest) || sizes.reduce((a, b) => a + b, 0) > +field.dataset.together;
    field.setCustomValidity(wrong ? field.dataset.tooLarge : "");
    if (wrong) field.reportValidity();
  });
  document.addEventListener("htmx:beforeSwap", event => {
    const form = event.detail.requestConfig?.elt?.closest("form");
    if (event.detail.xhr.status !== 413 || !form) return;
    event.detail.shouldSwap = false;
    form.querySelector("[data-refused]")?.remove();
    const note = document.createElement("div");
    note.className = "alert alert-danger";
    note.dataset.refused = "";
    note.setAttribute("role", "alert");
    note.textContent = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector(".empty-subtitle")?.textContent ?? "413";
    form.prepend(note);
    note.scrollIntoView({ block: "center" });
  });

  // A large file goes as it is, with a bar that shows how far it is: <form data-stream="/…">. Without scripts the form is sent as usual.
  document.addEventListener("submit", event => {
    const form = event.target;
    const file = form.dataset?.stream ? form.querySelector("input[type=file]").files[0] : null;
    if (!file) return;
    event.preventDefault();
    const bar = form.querySelector("[data-stream-progress]");
    const says = bar.querySelector("[data-stream-says]");
    const send = form.querySelector("button[type=submit]");
    const stop = bar.querySelector("[data-stream-stop]");
    const asked = new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "_csrf"));
    const request = new XMLHttpRequest();
    const done = sentence => {
      bar.hidden = true;
      send.disabled = false;
      form.querySelector("[data-refused]")?.remove();
      if (!sentence) return;
      const note = document.createElement("div");
      note.className = "alert alert-danger mb-0";
      note.dataset.refused = "";
      note.setAttribute("role", "alert");
      note.textContent = sentence;
      form.append(note);
    };
    const show = (sent, of) => {
      bar.querySelector("progress").value = of ? sent * 100 / of : 100;
      says.textContent = `${Math.floor(of ? sent * 100 / of : 100)} % · ${(sent / 1048576).toFixed(1)} MB`;
    };
    done("");
    bar.hidden = false;
    send.disabled = true;
    show(0, file.size);
    request.upload.addEventListener("progress", event => show(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status < 300 && request.responseURL) { location.assign(request.responseURL); return; }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      done((answer.querySelector("main .alert-danger, .empty-subtitle")?.textContent ?? "").trim() || form.dataset.broken);
    });
    request.addEventListener("error", () => done(form.dataset.broken));
    request.addEventListener("abort", () => done(""));
    stop.onclick = () => request.abort();
    request.open("POST", `${form.dataset.stream}?${asked}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    // Its name may be somebody's and must not stand in an address.
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("X-CSRF-TOKEN", form.querySelector("input[name=_csrf]").value);
    request.send(file);
  });

  // What changes while one looks: <div data-live="/…/live" data-live-page="/…" data-live-parts="#a,#b"> fetches the page again
  // and swaps the parts, never a form somebody may be writing in: of the gentle parts (after a "?") only those nobody has begun
  // to fill in; else what is marked data-live-stale says that they are old.
  let line = null;
  let waiting = 0;
  const begun = part => part.contains(document.activeElement)
    || [...part.querySelectorAll("textarea, input:not([type=hidden])")].some(field => field.type === "file" ? field.value : field.value !== field.defaultValue)
    || [...part.querySelectorAll("option")].some(option => option.selected !== option.defaultSelected && option.value !== "" && [...option.parentElement.options].some(o => o.defaultSelected || o.value === ""));
  const refresh = async place => {
    const answer = await fetch(place.dataset.livePage, { headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok || !place.isConnected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.dataset.liveParts.split(",").forEach(named => {
      const part = named.replace("?", "");
      const now = document.querySelector(part);
      const then = fresh.querySelector(part);
      if (!now || !then) return;
      if (named !== part) {
        // A form with a token of its own always differs; what it offers tells whether something changed.
        if (now.dataset.liveIs === then.dataset.liveIs) return;
        if (begun(now)) { document.querySelectorAll("[data-live-stale]").forEach(note => { note.hidden = false; }); return; }
        now.dataset.liveIs = then.dataset.liveIs;
      }
      if (now.innerHTML === then.innerHTML) return;
      const held = [...now.querySelectorAll("tr[data-href]")].indexOf(document.activeElement);
      const ticked = [...now.querySelectorAll("input[type=checkbox]:checked")].map(box => box.value);
      now.innerHTML = then.innerHTML;
      now.querySelectorAll("input[type=checkbox]").forEach(box => { box.checked = ticked.includes(box.value); });
      now.querySelectorAll("tr[data-href]")[held]?.focus();
      if (typeof htmx !== "undefined") htmx.process(now);
    });
  };
  const listen = () => {
    const place = document.querySelector("[data-live]");
    if (line && (!place || line.of !== place.dataset.live)) { line.source.close(); line = null; }
    if (!place || line) return;
    line = { of: place.dataset.live, source: new EventSource(place.dataset.live) };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { const here = document.querySelector("[data-live][data-live-page]"); if (here) refresh(here); }, 200 + Math.random() * 600);
    };
    line.source.addEventListener("changed", soon);
    line.source.addEventListener("presence", soon);
  };
  document.addEventListener("DOMContentLoaded", listen);
  document.addEventListener("htmx:afterSettle", listen);
  addEventListener("pagehide", () => line?.source.close());

  // What was begun to be written about a case stays, whatever else is sent meanwhile and wherever one looks: kept in this page's
  // memory only. <textarea data-draft="a name of its own">
  const drafts = new Map();
  document.addEventListener("input", event => { if (event.target.dataset?.draft) drafts.set(event.target.dataset.draft, event.target.value); });
  document.addEventListener("submit", event => event.target.querySelectorAll("[data-draft]").forEach(field => drafts.delete(field.dataset.draft)), true);
  document.addEventListener("htmx:load", event => event.target.querySelectorAll("textarea[data-draft]").forEach(field => {
    if (!field.value) field.value = drafts.get(field.dataset.draft) ?? "";
  }));

  // Colleagues are offered when one types "@" into <textarea data-mention="name,name">.
  let offer = null;
  const close = () => { offer?.list.remove(); offer?.field.removeAttribute("aria-activedescendant"); offer = null; };
  const mark = at => {
    offer.at = (at + offer.names.length) % offer.names.length;
    [...offer.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === offer.at)));
    offer.field.setAttribute("aria-activedescendant", "mention-" + offer.at);
  };
  const choose = name => {
    const { field, from } = offer;
    field.setRangeText("@" + name + " ", from, field.selectionStart, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  document.addEventListener("input", event => {
    const field = event.target;
    if (!field.dataset?.mention) return;
    const typed = /@([^\s@]{0,30})$/.exec(field.value.slice(0, field.selectionStart));
    const names = typed ? field.dataset.mention.split(",").filter(name => name.startsWith(typed[1]) && name !== typed[1]) : [];
    close();
    if (!names.length) return;
    const list = document.createElement("ul");
    list.className = "mention-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.mentionLabel);
    names.slice(0, 8).forEach((name, i) => {
      const item = document.createElement("li");
      item.id = "mention-" + i;
      item.setAttribute("role", "option");
      item.textContent = name;
      item.addEventListener("mousedown", press => { press.preventDefault(); choose(name); });
      list.append(item);
    });
    field.after(list);
    offer = { field, list, names: names.slice(0, 8), from: field.selectionStart - typed[0].length, at: 0 };
    mark(0);
  });
  document.addEventListener("focusout", event => { if (offer?.field === event.target) close(); });
  document.addEventListener("keydown", event => {
    if (offer && event.target === offer.field && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key) && !event.ctrlKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === "Escape") close();
      else if (event.key.startsWith("Arrow")) mark(offer.at + (event.key === "ArrowDown" ? 1 : -1));
      else choose(offer.names[offer.at]);
      return;
    }
    // Ctrl+Enter sends what one writes; Escape leaves the field, so that single keys count again.
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form && event.target.matches("textarea, select, input")) {
      event.preventDefault();
      const form = event.target.form;
      // Out of the field, or the next page would begin in it and take the next key for a letter.
      event.target.blur();
      form.querySelector("button[type=submit]")?.click();
    }
    if (event.key === "Escape" && event.target.matches("textarea, input, select") && !event.target.closest("dialog")) event.target.blur();
  });

  // A text that is inserted by choosing its title.
  document.addEventListener("change", event => {
    const into = event.target.matches("select[data-insert]") ? document.querySelector(event.target.dataset.insert) : null;
    if (!into) return;
    into.value += (into.value ? "\n" : "") + (event.target.selectedOptions[0]?.dataset.text ?? "");
    event.target.value = "";
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.focus();
  });

  // Keyboard: "/" goes to the search box, "g h" home, "g c" contracts, "g q" the queue, "g t" the tasks; j/k walk the rows of a list, Enter or "o" opens, "x" ticks; Ctrl+Enter sends; "[" and "]" turn pages.
  let before = "";
  let row = -1;
  document.addEventListener("htmx:afterSettle", () => {
    if (row < 0) return;
    const rows = [...document.querySelectorAll("tr[data-href]")];
    rows[Math.min(row, rows.length - 1)]?.focus();
    row = -1;
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    // What a page names a key for: <button data-key="y">.
    const named = /^[a-z]$/.test(event.key) && before !== "g" ? document.querySelector(`main [data-key=${event.key}], #main [data-key=${event.key}]`) : null;
    if (named) {
      event.preventDefault();
      // What is done to many is done to the row one is at when none is ticked.
      if (named.form?.matches("[data-rows]") && !named.form.querySelector("input[type=checkbox]:checked")) document.activeElement?.closest?.("tr[data-href]")?.querySelector("input[type=checkbox]")?.click();
      const opens = named.tagName === "SUMMARY";
      if (!opens || !named.parentElement.open) named.click();
      // A thing that opens is opened to be filled in.
      if (opens && named.parentElement.open) named.parentElement.querySelector("select, textarea, input:not([type=hidden])")?.focus();
      before = "";
      return;
    }
    const field = /^[a-z]$/.test(event.key) && before !== "g" ? document.querySelector(`[data-focus-key=${event.key}]`) : null;
    if (field) { event.preventDefault(); field.focus(); before = ""; return; }
    // What a row names a key for: <button data-row-key="d"> in the row one is on; the row that takes its place is then gone to.
    const inRow = /^[a-z]$/.test(event.key) && before !== "g" ? document.activeElement?.closest("tr[data-href]")?.querySelector(`[data-row-key=${event.key}]`) : null;
    if (inRow) {
      event.preventDefault();
      row = [...document.querySelectorAll("tr[data-href]")].indexOf(inRow.closest("tr"));
      inRow.click();
      before = "";
      return;
    }
    if (event.key === "x" && document.activeElement?.matches("tr[data-href]")) document.activeElement.querySelector("input[type=checkbox]")?.click();
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (before === "g" && event.key === "h") location.assign("/");
    if (before === "g" && event.key === "c") location.assign("/contracts");
    if (before === "g" && event.key === "q") location.assign("/complaints");
    if (before === "g" && event.key === "t") location.assign("/tasks");
    if (event.key === "[" || event.key === "]") document.querySelector(`main a[rel=${event.key === "[" ? "prev" : "next"}]`)?.click();
    const rows = [...document.querySelectorAll("tr[data-href]")];
    if (rows.length && (event.key === "j" || event.key === "k")) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
    }
    if ((event.key === "Enter" || event.key === "o") && document.activeElement?.dataset?.href) {
      const link = [...document.activeElement.querySelectorAll("a[href]")].find(each => each.getAttribute("href") === document.activeElement.dataset.href);
      if (link) link.click(); else location.assign(document.activeElement.dataset.href);
    }
    before = event.key;
  });
})();

// What the link of a letter with access says: read once, then gone from the address bar and from the history.
const found = /^#entry=([^~#]+)~([0-9a-f]{32})$/.exec(window.location.hash);
if (found) window.history.replaceState(null, "", window.location.pathname + window.location.search);

export const entryLink = found ? { login: found[1]!, code: found[2]! } : null;

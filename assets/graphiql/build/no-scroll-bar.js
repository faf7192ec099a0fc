// Stands in for the package react-remove-scroll-bar (see build.mjs): the page has no scroll bar to hide.
export function RemoveScrollBar() {
  return null;
}

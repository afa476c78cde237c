/** The logo of whoever's pages these are. Empty unless a brand's style sheet fills it; the page says the name in words. */
export function Brand() {
  return <div class="brand" aria-hidden="true" />;
}

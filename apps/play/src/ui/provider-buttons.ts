/** As people write it. */
export function providerWords(provider: string): string {
  return provider.charAt(0).toUpperCase() + provider.slice(1);
}

/** A button for each provider at which one can log in; nothing where there is none. */
export function showProviders(place: HTMLElement, providers: readonly string[], go: (provider: string) => void): void {
  place.replaceChildren(
    ...providers.map((provider) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `Go on with ${providerWords(provider)}`;
      button.addEventListener('click', () => go(provider));
      return button;
    }),
  );
}

import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe-core finds in the page as it stands now: every rule that it has on, none left out. A line each, with the
 * rule and the element.
 */
export function axeFinds(page: Page): Promise<string[]> {
  return page.evaluate(async (source) => {
    const scope = globalThis as unknown as { axe?: typeof axe };
    // Not by a script element: the page's own policy allows none but its own.
    if (scope.axe === undefined) new Function(source)();
    const { violations } = await (scope.axe as typeof axe).run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  }, axe.source);
}

import { headingAnchor } from './heading-anchor';

it.each([
  ['1. Build the images', '1-build-the-images'],
  ['`files:DIR`', 'filesdir'],
  ['How do I … roll back?', 'how-do-i--roll-back'],
  ['Über  uns', 'über--uns'],
])('%s', (heading, anchor) => {
  expect(headingAnchor(heading)).toBe(anchor);
});

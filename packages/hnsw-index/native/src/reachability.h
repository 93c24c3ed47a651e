#pragma once

#include "inserter.h"

namespace recall {

/**
 * Links the graph so that its ground layer leads from the entry point to every element, while nobody else uses it. An
 * element's neighbours may each give up their link to it for a nearer one, the more easily where several threads link at
 * once, and then no search finds it. Where it can, an element gets a link from one that it is linked to itself, and there
 * takes the place of one that others lead to as well.
 */
void lead_to_all(Hierarchy& graph, const LinkRule& rule);

}  // namespace recall

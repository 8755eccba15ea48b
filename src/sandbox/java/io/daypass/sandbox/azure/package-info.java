/** Azure's stand-in: Entra's token endpoint and Resource Manager's role assignments. */
@NullMarked
package io.daypass.sandbox.azure;

import org.jspecify.annotations.NullMarked;

/** Mints in Azure: federated credentials, and role assignments made for one grant. */
@NullMarked
package io.daypass.cloud.azure;

import org.jspecify.annotations.NullMarked;

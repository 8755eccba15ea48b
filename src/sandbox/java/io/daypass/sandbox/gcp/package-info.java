/** Google's STS, IAM Credentials and Resource Manager, as strict as the real ones. */
@NullMarked
package io.daypass.sandbox.gcp;

import org.jspecify.annotations.NullMarked;

/**
 * Transparency-log formats, without Spring, SQL or a clock: RFC 6962 Merkle trees, C2SP signed notes, checkpoints and
 * {@code tlog-proof} files. Everything here can be checked against the public texts alone.
 */
@NullMarked
package io.retainer.evidence.tlog;

import org.jspecify.annotations.NullMarked;

package io.retainer.complaint;

enum Grade {
    LOW,
    MIDDLE,
    HIGH
}

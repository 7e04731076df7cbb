package dev.slipway.controller.identity;

import java.security.Principal;

/**
 * Who made a request. A resource asks for the kind it serves: {@code @Auth Operator}, {@code @Auth
 * EnrolledHost}, or {@code @Auth Caller} for either.
 */
public sealed interface Caller extends Principal permits Operator, EnrolledHost {}

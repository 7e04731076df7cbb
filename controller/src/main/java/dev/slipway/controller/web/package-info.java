/**
 * The pages that an operator looks at: server-rendered, readable without JavaScript, kept live by
 * one small script of our own. They show; every order is given with the command that they print.
 */
package dev.slipway.controller.web;

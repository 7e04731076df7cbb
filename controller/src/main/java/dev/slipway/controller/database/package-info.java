/** The controller's database: one SQLite file, its migrations, and who may write when. */
package dev.slipway.controller.database;

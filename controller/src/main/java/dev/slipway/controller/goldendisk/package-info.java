/** Golden disks: what one shall be, making it, looking into it, and booting it. */
package dev.slipway.controller.goldendisk;

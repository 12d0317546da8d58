/** Evaluation of detections: COCO's average precision, bitwise identical to pycocotools, and AVA's frame mAP. */
@NullMarked
package io.github.hiera4j.detect.evaluate;

import org.jspecify.annotations.NullMarked;

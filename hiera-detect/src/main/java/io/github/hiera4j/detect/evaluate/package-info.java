/** Evaluation of detections: COCO's average precision, equal to pycocotools to the last bit, and AVA's frame mAP. */
@NullMarked
package io.github.hiera4j.detect.evaluate;

import org.jspecify.annotations.NullMarked;

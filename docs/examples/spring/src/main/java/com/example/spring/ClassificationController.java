package com.example.spring;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.UnsupportedException;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** {@code POST /classify}: the five likeliest classes of an uploaded image or video, as JSON. */
@RestController
class ClassificationController {
    private static final int CLASSES = 5;

    private final HieraClassifier classifier;

    ClassificationController(HieraClassifier classifier) {
        this.classifier = classifier;
    }

    @PostMapping("/classify")
    List<Classification> classify(@RequestParam MultipartFile file) throws IOException {
        return classifier.classify(MediaInput.of("upload", file.getInputStream()), CLASSES);
    }

    /** The caller's file is at fault. */
    @ExceptionHandler({DamagedFileException.class, UnsupportedException.class})
    @ResponseStatus(HttpStatus.UNPROCESSABLE_ENTITY)
    String refused(Exception fault) {
        return fault.getMessage();
    }

    /** The caller may try again later. */
    @ExceptionHandler(OutOfMemoryException.class)
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    String full(OutOfMemoryException fault) {
        return fault.getMessage();
    }
}

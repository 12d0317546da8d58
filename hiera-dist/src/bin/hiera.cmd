@echo off
rem The hiera command of the distribution. Requires only Java 17 or later.
rem   JAVA_HOME             the Java to use, if not the one on the path
rem   HIERA_JAVA_OPTIONS    additional options for the JVM, such as -Xmx8g
setlocal
set "JAVA=java.exe"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
if not defined OPENCV_LOG_LEVEL set "OPENCV_LOG_LEVEL=OFF"
"%JAVA%" -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 ^
  -XX:Tier4BackEdgeThreshold=400000 -Dfile.encoding=UTF-8 -XX:+UseSerialGC -XX:-UsePerfData -XX:MaxDirectMemorySize=2g -Djava.awt.headless=true ^
  -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 --enable-native-access=ALL-UNNAMED ^
  %HIERA_JAVA_OPTIONS% -cp "%~dp0..\lib\*" io.github.hiera4j.cli.Main %*
exit /b %ERRORLEVEL%

# What every finding does: a temporary folder with pinned public packages, one Java program, the output that was seen.
# Needs a JDK 17 or newer, Maven and Maven Central.

# workspace GROUP:ARTIFACT:VERSION... - goes to a new temporary folder and puts the packages with their dependencies into lib/.
workspace() {
  workspace_folder=${workspace_folder:-$(mktemp -d)}
  trap 'rm -rf "$workspace_folder"' EXIT
  cd "$workspace_folder"
  rm -rf lib
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    echo '<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><dependencies>'
    local package
    for package in "$@"; do
      IFS=: read -r group artifact version <<< "$package"
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
    done
    echo '</dependencies></project>'
  } > pom.xml
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
    -DoutputDirectory=lib -DincludeScope=runtime
}

# expect < OUTPUT - runs Main.java and fails unless standard output is what was seen.
expect() {
  cat > seen.txt
  java -cp 'lib/*' Main.java > now.txt 2> errors.txt || { cat now.txt errors.txt; echo "FAILED: the program ended with an error."; exit 1; }
  cat now.txt
  if diff -u seen.txt now.txt; then
    echo "As seen."
  else
    echo "CHANGED: the behaviour is no longer what this finding states."
    exit 1
  fi
}
